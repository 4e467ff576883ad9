namespace Analytics.Tenancy;

/// <summary>Who is calling, as the authorisation found it.</summary>
static class RequestCaller
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        /// <summary>Whose credential the request carries; not there on open routes.</summary>
        public Caller Caller
        {
            get => (Caller)(http.Items[Item] ?? throw new InvalidOperationException("The action is open to anybody."));
            set => http.Items[Item] = value;
        }

        /// <summary>The same; null on open routes.</summary>
        public Caller? CallerOrNull => (Caller?)http.Items[Item];
    }
}
