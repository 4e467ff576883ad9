using System.ComponentModel;
using System.ComponentModel.DataAnnotations.Schema;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>A name events carry, made when it is first ingested. <see cref="Number"/> stands for it in facts and rollups.</summary>
[Table("event_types"), PrimaryKey(nameof(WorkspaceKey), nameof(Number))]
sealed class EventType
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    [Column("type")]
    public required int Number { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Label { get; set; }
    public string? LabelPropertySelector { get; set; }
    public required EventSource Source { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who says so: the product, or its backend through one of the reserved names.</summary>
[TypeConverter(typeof(EventSourceConverter))]
public enum EventSource : short
{
    User = 0,
    System = 1,
}

/// <summary>Reads a source from a query: one of the two words as it stands, no number and no list of words.</summary>
sealed class EventSourceConverter() : EnumConverter(typeof(EventSource))
{
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is "user" or "system"
        ? base.ConvertFrom(context, culture, value)
        : throw new FormatException($"'{value}' is neither user nor system.");
}
