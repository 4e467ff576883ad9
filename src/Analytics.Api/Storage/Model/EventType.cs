using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Analytics.Storage.Model;

/// <summary>A name events carry, made when it is first ingested. <see cref="Number"/> stands for it in facts and rollups.</summary>
sealed class EventType
{
    public required int WorkspaceKey { get; init; }
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

/// <summary>How event types are stored.</summary>
sealed class EventTypeMapping : IEntityTypeConfiguration<EventType>
{
    public void Configure(EntityTypeBuilder<EventType> builder)
    {
        builder.ToTable("event_types").HasKey(t => new { t.WorkspaceKey, t.Number });
        builder.Property(t => t.WorkspaceKey).HasColumnName("workspace_id");
        builder.Property(t => t.Number).HasColumnName("type");
    }
}
