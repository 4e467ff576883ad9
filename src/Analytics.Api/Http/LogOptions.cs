using System.ComponentModel.DataAnnotations;

namespace Analytics.Http;

/// <summary>Setting <c>ANALYTICS_LOGS</c>: <c>json</c> or <c>text</c>. By default text on a terminal and JSON everywhere else.</summary>
sealed class LogOptions
{
    [ConfigurationKeyName("ANALYTICS_LOGS"), AllowedValues("json", "text", "", ErrorMessage = "ANALYTICS_LOGS must be json or text.")]
    public string Format { get; set; } = "";

    /// <summary>Whether a person reads the lines: time, level, message and exception are enough then.</summary>
    public bool IsText(bool isRedirected) => Format == "text" || (Format.Length == 0 && !isRedirected);
}
