namespace Analytics.Contract;

/// <summary>Where a request came to, as its sender knows it.</summary>
static class RequestAddress
{
    static readonly object Item = new();

    extension(HttpRequest request)
    {
        /// <summary>The address under which everything of the service lies, ending in a slash.</summary>
        public string OwnAddress => $"{request.Scheme}://{request.Host}{request.PathBase}/";

        /// <summary>The host that the request itself names, where the service is told to be known by another.</summary>
        public HostString AskedHost
        {
            get => (HostString?)request.HttpContext.Items[Item] ?? request.Host;
            set => request.HttpContext.Items[Item] = value;
        }
    }
}
