using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Analytics.Web;

/// <summary>Settings <c>Analytics</c> of the web dashboard: who may frame it, and for its developers where its files are.</summary>
sealed partial class WebOptions : IValidatableObject
{
    /// <summary>A folder that is read anew for every request, instead of the files that came with the service.</summary>
    public string? Web { get; set; }

    /// <summary>Sources as <c>frame-ancestors</c> takes them: <c>https://portal.example.com</c>. Nobody by default.</summary>
    public string? FrameAncestors { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Web is { Length: > 0 } && !Directory.Exists(Web))
            yield return new($"Analytics:Web names no folder: {Web}");
        if (FrameAncestors is { Length: > 0 } && !Sources().IsMatch(FrameAncestors))
            yield return new("Analytics:FrameAncestors lists sources with spaces between them, like https://portal.example.com.");
    }

    // Nothing that ends the directive or the header.
    [GeneratedRegex(@"\A[\w:/.*\-\[\]']+( +[\w:/.*\-\[\]']+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Sources();
}
