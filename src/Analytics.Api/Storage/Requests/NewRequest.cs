using Analytics.Storage.Facts;

namespace Analytics.Storage.Requests;

/// <summary>An API request on its way through one transaction, with the numbers of what it names.</summary>
sealed class NewRequest(WriteRequest request, IncomingRequest incoming) : NewFact(request, incoming)
{
    public IncomingRequest Incoming { get; } = incoming;
    public int Endpoint { get; set; }
    public int Product { get; private set; }
    public int ApiKey { get; private set; }
    public int Agent { get; private set; }

    public ReadOnlyMemory<byte> TextOf(RequestText kind) => kind switch
    {
        RequestText.Endpoint => Incoming.Endpoint,
        RequestText.Product => Incoming.Product,
        RequestText.ApiKey => Incoming.ApiKey,
        _ => Incoming.UserAgent,
    };

    public void SetNumber(RequestText kind, int number)
    {
        switch (kind)
        {
            case RequestText.Endpoint:
                Endpoint = number;
                break;
            case RequestText.Product:
                Product = number;
                break;
            case RequestText.ApiKey:
                ApiKey = number;
                break;
            default:
                Agent = number;
                break;
        }
    }
}
