namespace Analytics.Storage.Sales;

/// <summary>
/// Whose an event is that names nobody: the customer's of its payment, else of its share, else of its subscription. No plan may go through
/// a ledger: each is looked up by a whole key, and only where the event names one.
/// </summary>
static class InheritedOwner
{
    /// <summary>
    /// Its person's number, in a statement whose $1 is the workspace; null where the event names somebody, or nobody has it.
    /// </summary>
    /// <param name="e">What the event's row is called.</param>
    public static string Sql(string e) =>
        Sql(e, KeyHash.BeforeSql("$1", KeyKind.Payment), KeyHash.BeforeSql("$1", KeyKind.Subscription));

    /// <summary>The same with what comes before the ids of payments and subscriptions when they are hashed.</summary>
    public static string Sql(string e, string payments, string subscriptions) => $"""
        case when coalesce({e}.person, 0) = 0 and {e}.portal is null then coalesce(
            case when {e}.metadata ? 'payment_id' then (
                select coalesce(
                    nullif(paid.person, 0),
                    (select nullif(person, 0) from shares where workspace_id = $1 and share = paid.share))
                from payments paid
                where paid.workspace_id = $1
                  and paid.key = {KeyHash.OfSql($"({e}.metadata ->> 'payment_id')", payments)})
            end,
            case when {e}.share is not null then (
                select nullif(person, 0) from shares where workspace_id = $1 and share = {e}.share)
            end,
            case when {e}.subscription is not null or {e}.metadata ? 'subscription_id' then (
                select person
                from subscriptions
                where workspace_id = $1
                  and key = coalesce(
                      {e}.subscription, {KeyHash.OfSql($"({e}.metadata ->> 'subscription_id')", subscriptions)}))
            end)
        end
        """;
}
