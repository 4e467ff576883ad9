namespace Analytics.Commands.Demo.Life;

/// <summary>What happens to files. Scans and pages cost fractions of a cent each.</summary>
static class Files
{
    const decimal ScanCents = 0.0025m;
    const decimal PageCents = 0.00085m;

    static readonly string[] Types = ["pdf", "pdf", "png", "docx", "xlsx", "zip", "mp4"];

    public static void Upload(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        var (type, size) = (EventList.One(Types, random), 20_000L + random.Next(40_000_000));
        if (random.NextDouble() < 0.015)
        {
            events.Add("upload.failed", customer, $"{key}-failed", at, new
            {
                file_type = type, size_bytes = size, reason = random.Next(2) == 0 ? "timeout" : "quota exceeded",
                _log = new
                {
                    severity = "ERROR", actor_type = "user", actor_id = customer.Email, target_type = "file", target_id = $"{key}.{type}",
                },
            });
            return;
        }

        events.Add("file.uploaded", customer, $"{key}-upload", at,
            new { file_type = type, size_bytes = size, product_id = Products.Files.Key });
        Scan(events, customer, key, at.AddSeconds(2), type, $"{key}-upload");
    }

    public static void Scan(EventList events, Customer customer, string key, DateTimeOffset at, string type, string? parent) =>
        events.Add("file.scanned", customer, $"{key}-scan", at, new
        {
            file_type = type, product_id = Products.Files.Key, cost_category = "security", _cost = EventList.Cost(ScanCents),
        }, parent);

    public static void Preview(EventList events, Customer customer, string key, DateTimeOffset at, Random random) =>
        events.Add("file.previewed", customer, $"{key}-preview", at, new
        {
            file_type = SomeType(random), latency_ms = 60 + random.Next(900), product_id = Products.Files.Key,
        });

    /// <summary>A trace: a document with an event for every page that is read by machine.</summary>
    public static void Convert(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        var pages = 1 + random.Next(6);
        events.Add("document.converted", customer, $"{key}-convert", at,
            new { pages, latency_ms = 400 + (pages * 350), product_id = Products.Converter.Key });
        for (var page = 1; page <= pages; page++)
            events.Add("document.page_read", customer, $"{key}-page{page}", at.AddMilliseconds(350 * page),
                new { page, product_id = Products.Converter.Key, cost_category = "ocr", _cost = EventList.Cost(PageCents) },
                $"{key}-convert");
    }

    public static string SomeType(Random random) => EventList.One(Types, random);
}
