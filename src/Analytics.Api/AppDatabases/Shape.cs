namespace Analytics.AppDatabases;

/// <summary>What a value of Postgres looks like in JSON.</summary>
enum ShapeKind
{
    Text,
    Boolean,
    Number,
    Json,
    Date,
    Time,
    Array,
}

/// <summary>What values of a type look like in JSON, and what the members of its arrays do.</summary>
sealed record Shape(ShapeKind Kind, Shape? Member = null, char Delimiter = ',')
{
    static readonly Dictionary<uint, Shape> OfTypes = new()
    {
        [16] = new(ShapeKind.Boolean),
        [21] = new(ShapeKind.Number), // int2
        [23] = new(ShapeKind.Number), // int4
        [26] = new(ShapeKind.Number), // oid
        [700] = new(ShapeKind.Number), // float4
        [701] = new(ShapeKind.Number), // float8
        [114] = new(ShapeKind.Json),
        [3802] = new(ShapeKind.Json), // jsonb
        [1082] = new(ShapeKind.Date),
        [1114] = new(ShapeKind.Time), // timestamp
        [1184] = new(ShapeKind.Time), // timestamptz
    };

    static readonly Shape Text = new(ShapeKind.Text);

    /// <summary>The shape of a type; others than these are written as Postgres writes them: int8, numeric, ranges, composites.</summary>
    public static Shape Of(uint type, IReadOnlyDictionary<uint, TypeParts> types) => types.GetValueOrDefault(type) switch
    {
        { Base: not 0 } domain => Of(domain.Base, types),
        { Member: not 0 } array => new Shape(ShapeKind.Array, Of(array.Member, types), array.Delimiter),
        _ => OfTypes.GetValueOrDefault(type, Text),
    };
}

/// <summary>What a type is made of.</summary>
/// <param name="Base">The type that a domain restricts; 0 for others.</param>
/// <param name="Member">The type of an array's members; 0 for others.</param>
/// <param name="Delimiter">What stands between these.</param>
sealed record TypeParts(uint Base, uint Member, char Delimiter);
