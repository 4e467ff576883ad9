using System.ComponentModel.DataAnnotations;
using Analytics.Commands.Demo.Life;

namespace Analytics.Commands.Demo;

/// <summary>
/// Settings <c>ANALYTICS_DEMO</c>: 1 gives a private store a demo workspace that is kept up to date, 0 none; and
/// <c>Analytics:DemoDays</c>: how many days it has when it is made.
/// </summary>
sealed class DemoOptions
{
    [ConfigurationKeyName("ANALYTICS_DEMO"), AllowedValues("0", "1", "", ErrorMessage = "ANALYTICS_DEMO must be 0 or 1.")]
    public string Demo { get; set; } = "1";

    [ConfigurationKeyName("Analytics:DemoDays"), Range(1, Story.Days)]
    public int DemoDays { get; set; } = Story.Days;

    public bool IsWanted => Demo != "0";
}
