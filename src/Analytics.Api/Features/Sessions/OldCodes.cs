using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Sessions;

/// <summary>Lets go of codes and invitations that are over and were never used.</summary>
sealed class OldCodes(NpgsqlDataSource store, StoreReadiness readiness, TimeProvider clock, ILogger<OldCodes> log)
    : RepeatedJob(readiness, clock, log)
{
    protected override string Work => "Letting go of old sign-in codes";

    protected override TimeSpan Pause => TimeSpan.FromMinutes(10);

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        foreach (var table in (string[])["sign_in_codes", "invitations"])
            await store.ExecuteAsync($"delete from {table} where expires_at <= $1", [Clock.GetUtcNow().UtcDateTime], cancel);
    }
}
