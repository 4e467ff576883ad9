using Analytics.Contract;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Http;

/// <summary>The paths of what is open to anybody.</summary>
public sealed record Signpost(string Openapi, string Swagger, string Health);

/// <summary>Where to go from here.</summary>
[ApiController, Open]
sealed class SignpostController : ControllerBase
{
    /// <summary>The paths of the documentation and the health check; who likes HTML best is led to the page.</summary>
    [HttpGet("/"), ProducesResponseType<Signpost>(200), ProducesResponseType(302)]
    public IActionResult Get()
    {
        if (Accepts.Named(Request, "text/html") > Accepts.Quality(Request, "application/json"))
            return Redirect("swagger");
        var from = Request.PathBase;
        return Ok(new Signpost(from.Add("/openapi.json"), from.Add("/swagger"), from.Add("/health/ready")));
    }
}
