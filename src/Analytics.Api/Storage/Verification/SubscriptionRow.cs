using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>A row of <c>subscriptions</c> as it stands.</summary>
sealed record SubscriptionRow(Guid Key, Said Named, int Person)
{
    public const string Columns = "s.key, s.at, s.id, s.person";

    public static SubscriptionRow Read(NpgsqlDataReader row) => new(row.GetGuid(0), Said.Read(row, 1)!, row.GetInt32(3));
}
