using Analytics.Contract;
using Analytics.Http;

namespace Analytics.Web;

/// <summary>Where the web dashboard is: under <c>/ui/</c> and nowhere else, open to anybody, not in the API's document.</summary>
static class WebRoutes
{
    public static void AddWeb(this IServiceCollection services) => services.AddSingleton<WebHeaders>().AddSingleton<WebPage>();

    public static void MapWeb(this WebApplication app) => app
        .MapMethods("/ui/{**path}", [HttpMethods.Get, HttpMethods.Head], app.Services.GetRequiredService<WebPage>().AnswerAsync)
        .WithMetadata(new OpenAttribute(), new SaysHowKeptAttribute())
        .WithDisplayName("The web dashboard")
        .ExcludeFromDescription();
}
