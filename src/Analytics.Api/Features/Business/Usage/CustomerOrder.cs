using Analytics.Reading;
using System.Globalization;
using Analytics.Http;

namespace Analytics.Features.Business.Usage;

/// <summary>The order of customers: by a number, or by a text, those without one last; between equals whoever came first.</summary>
sealed class CustomerOrder(PageRequest page, IReadOnlyDictionary<int, CustomerName> names, ChurnSigns? signs)
{
    public const string Events = "events";
    public const string Invoices = "invoiceTotalCents";
    public const string Revenue = "revenueCents";
    public const string Risk = "churnRisk.score";
    public const string Id = "customerId";
    public const string ExternalId = "externalCustomerId";
    public const string Name = "name";

    // Nothing comes before the one and after the other.
    const string First = "", Last = "\uffff";

    /// <summary>Whether a field is a number, so that the order needs no names.</summary>
    public static bool IsByNumber(string field) => field is Events or Invoices or Revenue or Risk;

    public Page<ActiveCustomer> PageOf(IEnumerable<ActiveCustomer> customers)
    {
        var isByNumber = IsByNumber(page.Sort);
        return new RankedRows<ActiveCustomer>(isByNumber ? "" : page.Sort, customer => TextOf(customer, isByNumber), NumberOf)
            .PageOf(customers, page);
    }

    string TextOf(ActiveCustomer customer, bool isByNumber)
    {
        var number = customer.Person.ToString("D10", CultureInfo.InvariantCulture);
        if (isByNumber)
            return number;
        var name = names[customer.Person];
        var text = page.Sort switch { Id => name.Id?.ToString(), ExternalId => name.ExternalId, _ => name.Name };
        return (text is not null ? " " + text : page.Descending ? First : Last) + "\u0001" + number;
    }

    Int128 NumberOf(ActiveCustomer customer, string field) => field switch
    {
        Events => customer.Events,
        Invoices => customer.Invoiced,
        Risk => signs!.RiskOf(customer.Person).Score,
        _ => customer.Revenue,
    };
}
