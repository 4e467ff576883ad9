using System.Diagnostics;
using System.Text.Json;
using Analytics.Features.Webhooks;
using Analytics.Tests.Architecture;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>Receivers may take any library of Standard Webhooks to check messages with.</summary>
[Collection<Hooked>]
public sealed class SignatureTests(HookedApi hooked)
{
    // The package knows what time it is for it only from Date.now.
    const string Verify = """
        import { readFileSync } from "node:fs";
        import { Webhook } from "standardwebhooks";
        const { secret, headers, body, now } = JSON.parse(readFileSync(0, "utf8"));
        Date.now = () => now * 1000;
        try {
          console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
        } catch (refused) {
          console.log(JSON.stringify({ refused: refused.message }));
        }
        """;

    // From the specification's own tests.
    [Fact]
    public void A_signature_is_what_the_scheme_says() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        Signature.Of(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}"""u8,
            [Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]));

    [Fact]
    public async Task The_schemes_own_library_takes_messages_by_each_living_secret_and_no_others()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");
        var second = (await hook.Workspace.PostAsync($"{hook.Path}/secrets", null, 201)).GetProperty("secret").GetString()!;
        await hook.Workspace.NewCustomerAsync();
        var message = Assert.Single(await receiver.CountAsync(1));
        var other = await Hook.NewAsync(hook.Workspace, receiver, "report.ready");

        foreach (var secret in (string[])[hook.Secret, second])
            Assert.Equal(message.Json.GetRawText(), (await VerifyAsync(message, secret, message.SentAt)).GetRawText());
        Assert.Contains("signature", Refused(await VerifyAsync(message, other.Secret, message.SentAt)));
        Assert.Contains(
            "signature", Refused(await VerifyAsync(message with { Id = $"{Guid.NewGuid()}" }, second, message.SentAt)));
        Assert.Contains("signature", Refused(await VerifyAsync(message with { Body = [.. message.Body, (byte)' '] }, second, message.SentAt)));
        Assert.Contains("too old", Refused(await VerifyAsync(message, second, message.SentAt.AddMinutes(6))));
    }

    static string Refused(JsonElement answer) => answer.GetProperty("refused").GetString()!;

    static async Task<JsonElement> VerifyAsync(Arrived message, string secret, DateTimeOffset now)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "-e", Verify])
        {
            WorkingDirectory = Path.GetFullPath(Path.Combine(SourceFiles.Root, "../Analytics.Web")),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["secret"] = secret,
            ["headers"] = new Dictionary<string, string>
            {
                ["webhook-id"] = message.Id,
                ["webhook-timestamp"] = message.Timestamp,
                ["webhook-signature"] = message.Signature,
            },
            ["body"] = System.Text.Encoding.UTF8.GetString(message.Body),
            ["now"] = now.ToUnixTimeSeconds(),
        }));
        node.StandardInput.Close();
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, "Node or the package standardwebhooks is missing: ./test.sh installs it.");
        return JsonElement.Parse(said);
    }
}
