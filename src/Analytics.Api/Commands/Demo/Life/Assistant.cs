namespace Analytics.Commands.Demo.Life;

/// <summary>A question to the assistant: a trace of three events, or of five when it looks twice, the costs in its children.</summary>
static class Assistant
{
    /// <summary>A model with what a million tokens cost, in cents.</summary>
    sealed record Model(string Vendor, string Name, decimal Input, decimal Output);

    static readonly Model[] Models =
    [
        new("anthropic", "claude-sonnet", 300, 1_500), new("openai", "gpt-4o", 250, 1_000), new("mistral", "mistral-small", 10, 30),
    ];

    public static void Ask(EventList events, Customer customer, string key, DateTimeOffset at, Random random)
    {
        var model = Models[(int)(Models.Length * Math.Pow(random.NextDouble(), 1.6))];
        var looks = random.Next(4) == 0 ? 2 : 1;
        events.Add("assistant.question", customer, $"{key}-question", at,
            new { model = model.Name, latency_ms = 300 + random.Next(2_500), product_id = Products.Assistant.Key });
        for (var look = 1; look <= looks; look++)
        {
            var then = at.AddMilliseconds(250 * look);
            events.Add("assistant.retrieval", customer, $"{key}-retrieval{look}", then, new
            {
                documents = random.Next(1, 12), product_id = Products.Assistant.Key, cost_category = "retrieval",
                _cost = EventList.Cost(random.Next(1, 40) / 10_000m),
            }, $"{key}-question");
            Complete(events, customer, $"{key}-completion{look}", then.AddMilliseconds(180), model, $"{key}-question", random);
        }
    }

    static void Complete(
        EventList events, Customer customer, string key, DateTimeOffset at, Model model, string question, Random random)
    {
        var (input, output) = (2_000 + random.Next(40_000), 50 + random.Next(1_200));
        events.Add("assistant.completion", customer, key, at, new
        {
            product_id = Products.Assistant.Key, cost_category = "inference",
            _cost = EventList.Cost(((input * model.Input) + (output * model.Output)) / 1_000_000m),
            _llm = new { vendor = model.Vendor, model = model.Name, input_tokens = input, output_tokens = output },
        }, question);
    }
}
