using System.Globalization;
using System.Text;

namespace Analytics.Benchmarks.Business;

/// <summary>
/// Events of a product that sells calls of models: usage with costs of two vendors' models, tools that agents invoke in sessions, a storefront's
/// visitors, payments and invoices. Customers, products, tools and visitors by a power law.
/// </summary>
sealed class BusinessLane(ulong seed, int number, int customers, string key)
{
    const int Products = 20;
    const int Tools = 40;
    const int Agents = 8;

    // So many steps a visitor takes on a day: about three of ten events are steps, and a fifth of these begins a visitor's day.
    const int StepsOfVisitor = 3;

    static readonly string[] Models = ["opus", "sonnet", "haiku", "large", "small"];
    static readonly string[] Steps = ["visit", "product_view", "pricing_view", "signup", "subscription", "first_api_call"];

    readonly Randomness random = new(Randomness.Mix(seed ^ ((ulong)number << 32)));
    readonly JsonPost post = new("/api/events/ingest", key);
    readonly byte[] lane = Encoding.ASCII.GetBytes(number.ToString("x", CultureInfo.InvariantCulture));
    long told;
    long visitor;
    int step = StepsOfVisitor;

    /// <summary>So many events, their times spread evenly.</summary>
    public WireRequest Batch(int size, long from, long to)
    {
        post.Start();
        post.Body.Add("{\"events\":["u8);
        for (var at = 0; at < size; at++)
        {
            if (at > 0)
                post.Body.Add(","u8);
            Add(from + (long)((double)at / size * (to - from)));
        }

        post.Body.Add("]}"u8);
        return new(post.Finish(), size);
    }

    void Add(long time)
    {
        var text = post.Body;
        text.Add("{\"external_id\":\""u8);
        text.Add(lane);
        text.Add("-"u8);
        text.Number(told++);
        text.Add("\",\"timestamp\":\""u8);
        text.Time(time);
        text.Add("\","u8);
        var what = random.Fraction();
        if (what < 0.55)
            AddUsage(text);
        else if (what < 0.68)
            AddInvocation(text);
        else if (what < 0.98)
            AddStep(text);
        else
            AddPayment(text);
        text.Add("}}"u8);
    }

    void AddCustomer(Utf8Text text)
    {
        text.Add("\"external_customer_id\":\"cust-"u8);
        text.Digits(random.Ranked(customers), 6);
        text.Add("\",\"metadata\":{"u8);
    }

    void AddUsage(Utf8Text text)
    {
        text.Add(random.Below(3) == 0 ? "\"name\":\"image.made\","u8 : "\"name\":\"chat.completed\","u8);
        AddCustomer(text);
        text.Add("\"product_id\":\"product-"u8);
        text.Digits(random.Ranked(Products), 2);
        text.Add("\",\"tokens\":"u8);
        text.Number((long)random.Skewed(10, 100_000));
        text.Add(",\"region\":\""u8);
        text.Add(random.Below(3) switch { 0 => "eu"u8, 1 => "us"u8, _ => "ap"u8 });
        text.Add("\",\"cost_category\":\""u8);
        text.Add(random.Below(4) == 0 ? "storage"u8 : "inference"u8);
        text.Add("\",\"_cost\":{\"amount\":"u8);
        text.Number(random.Below(3));
        text.Add("."u8);
        text.Digits(random.Below(1_000_000), 6);
        text.Add(",\"currency\":\"usd\"},\"_llm\":{\"vendor\":\""u8);
        var model = random.Ranked(Models.Length);
        text.Add(model < 3 ? "anthropic"u8 : "other"u8);
        text.Add("\",\"model\":\""u8);
        text.Add(Encoding.ASCII.GetBytes(Models[model]));
        text.Add("\",\"input_tokens\":100,\"output_tokens\":20}"u8);
    }

    void AddInvocation(Utf8Text text)
    {
        text.Add("\"name\":\"mcp.tool_invoked\","u8);
        AddCustomer(text);
        var tool = random.Ranked(Tools);
        text.Add("\"tool\":\"tool-"u8);
        text.Number(tool);
        text.Add("\",\"server\":\"server-"u8);
        text.Number(tool % 5);
        text.Add("\",\"agent\":\"agent-"u8);
        text.Number(random.Ranked(Agents));
        text.Add("\",\"session_id\":\"s-"u8);
        text.Add(lane);
        text.Number(told / 200);
        text.Add("\",\"duration_ms\":"u8);
        text.Number((long)random.LogNormal(80, 0.8));
        text.Add(random.Below(30) == 0 ? ",\"status\":\"error\",\"revenue_cents\":0"u8 : ",\"status\":\"success\",\"revenue_cents\":3"u8);
    }

    // A visitor takes some steps, most from the first on, and is followed by another.
    void AddStep(Utf8Text text)
    {
        if (step >= StepsOfVisitor)
            (visitor, step) = (told, random.Below(10) == 0 ? 1 : 0);
        text.Add("\"name\":\"storefront."u8);
        text.Add(Encoding.ASCII.GetBytes(Steps[Math.Min(step++, Steps.Length - 1)]));
        text.Add("\",\"metadata\":{\"visitor_id\":\"v-"u8);
        text.Add(lane);
        text.Add("-"u8);
        text.Number(visitor);
        text.Add("\""u8);
    }

    void AddPayment(Utf8Text text)
    {
        var what = random.Below(10);
        text.Add(what switch { 0 => "\"name\":\"invoice.created\","u8, 1 => "\"name\":\"payment.failed\","u8, _ => "\"name\":\"payment.completed\","u8 });
        AddCustomer(text);
        text.Add(what == 0 ? "\"invoice_id\":\"i-"u8 : "\"payment_id\":\"p-"u8);
        text.Add(lane);
        text.Number(told);
        text.Add("\",\"amount_cents\":"u8);
        text.Number(random.Below(100_000));
        text.Add(",\"product_id\":\"product-"u8);
        text.Digits(random.Ranked(Products), 2);
        text.Add("\",\"subscription_id\":\"sub-"u8);
        text.Number(random.Ranked(1_000));
        text.Add("\""u8);
    }
}
