using Npgsql;

namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>
/// A webhook's turn: what is due is sent, one after the other in the order in which it was told, until nothing is left or the turn is over.
/// What fails waits for its next try and does not hold up what comes behind it.
/// </summary>
sealed class WebhookTurn(
    NpgsqlDataSource store, WebhookClient client, SealedSecrets secrets, WebhookEnd end, TimeProvider clock)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public async Task RunAsync(HeldWebhook webhook, CancellationToken cancel)
    {
        if (await webhook.HoldAsync(cancel) is not { } receiver)
            return;
        try
        {
            var started = clock.GetTimestamp();
            foreach (var delivery in await webhook.DueAsync(receiver.Enabled, cancel))
            {
                if (clock.GetElapsedTime(started) >= Longest || await webhook.HoldAsync(cancel) is not { } now)
                    break;
                if (now.Enabled || delivery.Asked > 0)
                    await TryAsync(webhook, now, delivery, cancel);
            }
        }
        finally
        {
            // Else others would have to wait, of a service that stops too.
            await webhook.ReleaseAsync(CancellationToken.None);
        }
    }

    async Task TryAsync(HeldWebhook webhook, Receiver receiver, DueDelivery delivery, CancellationToken cancel)
    {
        if (await ToldRecord.BodyAsync(store, webhook.Workspace, delivery.Type, delivery.EventId, cancel) is not { } body)
        {
            await webhook.DropAsync(delivery, cancel);
            return;
        }

        var tried = await SendAsync(webhook.Id, receiver, $"{delivery.Id}", body, cancel);
        WebhookMeter.Tried(tried);
        if (await webhook.RecordAsync(delivery, receiver.Url, tried, cancel) is { } failingSince
            && (tried.IsUnwanted || tried.At - failingSince >= TryPlan.Patience))
            await end.ComeAsync(webhook, receiver.Url, tried.IsUnwanted, cancel);
    }

    async Task<WebhookTry> SendAsync(Guid webhook, Receiver receiver, string id, byte[] body, CancellationToken cancel)
    {
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        var keys = new List<byte[]>();
        foreach (var key in receiver.Secrets)
            keys.Add(await secrets.OpenAsync(webhook, key, cancel));
        return await client.SendAsync(
            new Uri(receiver.Url), new WebhookMessage(id, seconds, Signature.Of(id, seconds, body, keys), body), cancel);
    }
}
