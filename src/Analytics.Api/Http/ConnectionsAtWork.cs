namespace Analytics.Http;

/// <summary>Says which connections are at work: before everything else, for as long as the request lasts.</summary>
sealed class ConnectionsAtWork(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<OpenConnection>() is not { } connection)
        {
            await next(http);
            return;
        }

        connection.Begin();
        try
        {
            await next(http);
        }
        finally
        {
            connection.End();
        }
    }
}
