using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Analytics.Client.Requests;

/// <summary>
/// Times around everything the host puts into its pipeline: bytes are counted as they leave, compressed say, and the status is the one
/// that error handlers made of an exception.
/// </summary>
sealed class OutermostTiming(RequestRecorder recorder) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(recorder.Around);
        next(app);
    };
}
