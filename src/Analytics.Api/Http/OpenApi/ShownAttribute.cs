using System.Reflection;

namespace Analytics.Http.OpenApi;

/// <summary>What the document says of a member or a parameter beyond its type, where no validator says it. It checks nothing.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class ShownAttribute : Attribute
{
    /// <summary>A query parameter without which the request is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The format of the text, or of the texts of a list: date, date-time, uuid, email.</summary>
    public string? Format { get; init; }

    /// <summary>The most characters of a text that is not empty, or the most items of a list.</summary>
    public int Longest { get; init; }

    /// <summary>The smallest number.</summary>
    public double Least { get; init; } = double.NaN;

    /// <summary>The largest number.</summary>
    public double Most { get; init; } = double.NaN;

    /// <summary>What holds when it is left out.</summary>
    public object? Default { get; init; }
}

/// <summary>The words a text, or each text of a list, is one of.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class OneOfAttribute : Attribute
{
    const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public OneOfAttribute(params string[] words) => Words = words;

    /// <summary>The words that a static member of a type lists.</summary>
    public OneOfAttribute(Type type, string member) => Words = type.GetMember(member, Static) switch
    {
        [FieldInfo field] => (IEnumerable<string>)field.GetValue(null)!,
        [PropertyInfo property] => (IEnumerable<string>)property.GetValue(null)!,
        _ => throw new ArgumentException($"{type} has no {member}.", nameof(member)),
    };

    public IEnumerable<string> Words { get; }
}
