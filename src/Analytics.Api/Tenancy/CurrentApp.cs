using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>The app that a request's path names, as the authorisation found it.</summary>
static class CurrentApp
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        /// <summary>The app; null where the path names none.</summary>
        public App? AppOrNull => (App?)http.Items[Item];

        /// <summary>The app of a route with one in its path.</summary>
        public App App
        {
            get => http.AppOrNull ?? throw new InvalidOperationException("The action has no app in its path.");
            set => http.Items[Item] = value;
        }
    }
}
