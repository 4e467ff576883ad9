using System.ComponentModel.DataAnnotations;

namespace Analytics.Features.Streams;

/// <summary>Settings <c>Analytics</c> of how many streams a node keeps open, of one workspace and in all.</summary>
sealed class StreamOptions
{
    [Range(1, 1_000_000)]
    public int StreamsPerWorkspace { get; set; } = 1_000;

    [Range(1, 1_000_000)]
    public int Streams { get; set; } = 20_000;
}
