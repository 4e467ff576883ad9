using Analytics.Contract;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Http;

/// <summary>The paths of what is open to anybody.</summary>
public sealed record Signpost(string Dashboard, string Openapi, string Swagger, string Health);

/// <summary>Where to go from here.</summary>
[ApiController, Open]
sealed class SignpostController : ControllerBase
{
    /// <summary>The paths of the dashboard, the documentation and the health check; who likes HTML best is led to the dashboard.</summary>
    [HttpGet("/"), ProducesResponseType<Signpost>(200), ProducesResponseType(302)]
    public IActionResult Get()
    {
        var from = Request.PathBase;
        if (Accepts.Named(Request, "text/html") > Accepts.Quality(Request, "application/json"))
            // Behind a base path that was asked for without its slash a browser would go beside it.
            return Redirect(Request.Path.HasValue ? "ui/" : from.Add("/ui/"));
        return Ok(new Signpost(from.Add("/ui/"), from.Add("/openapi.json"), from.Add("/swagger"), from.Add("/health/ready")));
    }
}
