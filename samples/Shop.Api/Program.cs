using System.Globalization;
using Analytics.Client;
using Shop;

var builder = WebApplication.CreateBuilder(args);
// Address and key come from the settings: Analytics:Url, Analytics:Key.
builder.AddAnalytics(options => options.CustomerId = http => http.Request.Headers["X-Customer"]);

var app = builder.Build();
app.UseApiAnalytics();

string[] products = ["apple", "bread", "cheese"];

app.MapGet("/products", () => products);

app.MapGet("/products/{number:int}", (int number) =>
    number >= 1 && number <= products.Length ? Results.Ok(products[number - 1]) : Results.NotFound());

// An event beside the request: what the order was about.
app.MapPost("/orders", (Order order, HttpRequest request, IAnalytics analytics) =>
{
    var id = analytics.Track("order.placed", request.Headers["X-Customer"], new { order.Product, order.Pieces });
    return Results.Accepted(value: new { id });
});

app.MapGet("/reports/sales", async (CancellationToken cancel) =>
{
    await Task.Delay(TimeSpan.FromSeconds(1.2), cancel);
    return "Slow, but it comes.";
});

app.MapGet("/broken", IResult () => throw new InvalidOperationException("Out of cheese."));

app.MapGet("/export", async (HttpResponse response, CancellationToken cancel) =>
{
    response.ContentType = "text/csv";
    for (var line = 0; line < 1_000; line++)
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{line},{products[line % products.Length]}\n"), cancel);
});

app.Run();
