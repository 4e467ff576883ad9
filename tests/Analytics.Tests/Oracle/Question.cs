using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle;

/// <summary>A question to the timeseries route. What is empty is not asked.</summary>
sealed record Question(string Zone, string Interval, LocalDate First, LocalDate Last)
{
    public string[] Names { get; init; } = [];
    public Guid[] Customers { get; init; } = [];
    public string[] ExternalCustomers { get; init; } = [];
    public string[] Sources { get; init; } = [];

    /// <summary>Names whose event types' ids are asked for.</summary>
    public string[] Types { get; init; } = [];

    public (string Path, string Value)[] Metadata { get; init; } = [];
    public string[] Fields { get; init; } = [];
    public string? Sort { get; init; }

    public string[] AskedFields => Fields is [] ? ["_cost.amount"] : Fields;

    /// <summary>Whether a trace is asked for: filters choose roots.</summary>
    public bool Chooses(World world, ToldEvent root) =>
        (Sources is [] ? !root.IsSystem : Sources.Contains(root.IsSystem ? "system" : "user"))
        && (Names is [] || Names.Contains(root.Name))
        && (Types is [] || Types.Contains(root.Name))
        && (Customers is [] || Customers.Any(customer => world.PersonOf(root) == customer.ToString()))
        && (ExternalCustomers is [] || ExternalCustomers.Any(external => world.PersonOf(root) == world.PersonOf(external)))
        && Metadata.GroupBy(filter => filter.Path).All(path => path.Any(filter => root.Text(filter.Path) == filter.Value));

    public string ToPath(IReadOnlyDictionary<string, Guid> types)
    {
        var pattern = LocalDatePattern.Iso;
        var parts = new List<(string, string)>
        {
            ("start_date", pattern.Format(First)), ("end_date", pattern.Format(Last)), ("interval", Interval), ("timezone", Zone),
        };
        parts.AddRange(Names.Select(name => ("name", name)));
        parts.AddRange(Customers.Select(customer => ("customer_id", customer.ToString())));
        parts.AddRange(ExternalCustomers.Select(customer => ("external_customer_id", customer)));
        parts.AddRange(Sources.Select(source => ("source", source)));
        parts.AddRange(Types.Select(name => ("event_type_id", types[name].ToString())));
        parts.AddRange(Metadata.Select(filter => ($"metadata[{filter.Path}]", filter.Value)));
        parts.AddRange(Fields.Select(field => ("aggregate_fields", field)));
        if (Sort is not null)
            parts.Add(("sort", Sort));
        return "/api/events/statistics/timeseries?"
            + string.Join('&', parts.Select(part => $"{Uri.EscapeDataString(part.Item1)}={Uri.EscapeDataString(part.Item2)}"));
    }
}
