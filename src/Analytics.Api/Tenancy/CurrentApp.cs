using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>The app a request is about, as the authorisation found it.</summary>
static class CurrentApp
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        /// <summary>The app that the path names.</summary>
        public App App
        {
            get => http.AppOrNull ?? throw new InvalidOperationException("The action has no app in its path.");
            set => http.Items[Item] = value;
        }

        /// <summary>The same, where the path names one.</summary>
        public App? AppOrNull => (App?)http.Items[Item];
    }
}
