using System.Net;
using Analytics.Features.Webhooks.Addresses;
using Analytics.Features.Webhooks.Deliveries;
using Analytics.Storage.Schema;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Analytics.Features.Webhooks;

/// <summary>What webhooks are made of, but for the job that sends.</summary>
static class WebhooksSetup
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton(provider => new OpenAddresses(provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Allowed));
        services.TryAddSingleton<ResolveHost>(_ => Dns.GetHostAddressesAsync);
        services.AddSingleton<GuardedConnections>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<SealedSecrets>();
        services.AddSingleton<WebhookEnd>();
        services.AddSingleton<WebhookTurn>();
        // Looked for when it is called: who wakes the sender is in turn what it tells by.
        services.AddSingleton<WakeWebhooks>(provider => () => provider.GetRequiredService<WebhookSender>().Wake());
    }
}
