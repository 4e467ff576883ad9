using System.ComponentModel.DataAnnotations;

namespace Analytics.Commands.Demo;

/// <summary>Setting <c>ANALYTICS_DEMO</c>: 1 gives a private store a demo workspace that is kept up to date, 0 none.</summary>
sealed class DemoOptions
{
    [ConfigurationKeyName("ANALYTICS_DEMO"), AllowedValues("0", "1", "", ErrorMessage = "ANALYTICS_DEMO must be 0 or 1.")]
    public string Demo { get; set; } = "1";

    public bool IsWanted => Demo != "0";
}
