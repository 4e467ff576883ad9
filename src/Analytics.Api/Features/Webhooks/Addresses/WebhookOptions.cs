using System.ComponentModel.DataAnnotations;
using System.Net;
using Analytics.Http;

namespace Analytics.Features.Webhooks.Addresses;

/// <summary>Setting <c>Analytics:WebhookAllowedNetworks</c>: where webhooks may go besides the public internet.</summary>
sealed class WebhookOptions : IValidatableObject
{
    /// <summary>Networks and addresses, with commas between them: <c>127.0.0.1/32,10.1.0.0/16</c>.</summary>
    public string? WebhookAllowedNetworks { get; set; }

    internal IReadOnlyList<IPNetwork> Allowed => [.. Networks.Each(WebhookAllowedNetworks).Select(text => Networks.Of(text)!.Value)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from text in Networks.Each(WebhookAllowedNetworks)
        where Networks.Of(text) is null
        select new ValidationResult($"Analytics:WebhookAllowedNetworks must be networks and addresses like 10.1.0.0/16, not {text}.");
}
