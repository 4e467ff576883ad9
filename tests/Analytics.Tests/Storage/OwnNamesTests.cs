using System.Reflection;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Audit;

namespace Analytics.Tests.Storage;

/// <summary>What the service itself writes is one list, which records are made from and webhooks take.</summary>
public sealed class OwnNamesTests
{
    [Fact]
    public void Every_name_is_in_the_list_once()
    {
        var names = typeof(OwnNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(names.Order(StringComparer.Ordinal), OwnNames.All.Order(StringComparer.Ordinal));
        Assert.Equal(OwnNames.All.Length, OwnNames.All.Distinct().Count());
    }

    [Fact]
    public void A_record_is_made_under_no_other_name()
    {
        static AuditRecord Record(string name) => new(name, "SYSTEM", "INFO", null, null, JsonSerializer.SerializeToElement(new { }));

        Assert.All(OwnNames.Records, name => Assert.Equal(name, Record(name).Name));
        Assert.All((string[])["customer.created", "report.done", ""], name => Assert.Throws<ArgumentException>(() => Record(name)));
    }
}
