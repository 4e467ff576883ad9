using System.Text;
using Analytics.Storage.Requests;
using Xunit;

namespace Analytics.Tests.Storage.Requests;

public sealed class EndpointKeyTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("*", "*")]
    [InlineData("/users", "/users")]
    [InlineData("/users/42", "/users/:id")]
    [InlineData("/users/0", "/users/:id")]
    [InlineData("/users/-7", "/users/:id")]
    [InlineData("/1/2/3", "/:id/:id/:id")]
    [InlineData("/users/12345678901234567890123456789012345678901234567890", "/users/:id")]
    [InlineData("/users/42/orders/17", "/users/:id/orders/:id")]
    [InlineData("/users/550e8400-e29b-41d4-a716-446655440000", "/users/:id")]
    [InlineData("/users/550E8400-E29B-41D4-A716-446655440000/x", "/users/:id/x")]
    [InlineData("/users/550E8400-e29b-41D4-a716-446655440000", "/users/:id")]
    [InlineData("/users/abcdefab-cdef-abcd-efab-cdefabcdefab", "/users/:id")]
    [InlineData("/users/550e8400e29b41d4a716446655440000", "/users/:id")]
    [InlineData("/orders/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/orders/:id")]
    [InlineData("/orders/01arz3ndektsv4rrffq69g5fav", "/orders/:id")]
    [InlineData("/books/507f1f77bcf86cd799439011", "/books/:id")]
    [InlineData("/books/507F1F77BCF86CD799439011", "/books/:id")]
    [InlineData("/books/facadefacadefacadefacade", "/books/:id")]
    public void Ids_become_one_endpoint(string path, string endpoint) => Assert.Equal($"GET:{endpoint}", Of(path));

    [Theory]
    [InlineData("/charges/cus_9s6XKzkNRiz8i3", "/charges/:id")]
    [InlineData("/prices/price_1MoBy5LkdIwHu7ixZhnattbh", "/prices/:id")]
    [InlineData("/p/V1StGXR8_Z5jdHi6B-myT", "/p/:id")]
    [InlineData("/p/clh3z2x0g0000qw8z5v5y8z5v", "/p/:id")]
    [InlineData("/p/tz4a98xxat96iws9zmbrgj3a", "/p/:id")]
    [InlineData("/p/0ujsswThIGTUYm2K8FjOOfXtY1K", "/p/:id")]
    [InlineData("/p/user_01h455vb4pex5vsknk084sn02q", "/p/:id")]
    [InlineData("/watch/dQw4w9WgXcQ", "/watch/:id")]
    [InlineData("/commits/da39a3ee5e6b4b0d3255bfef95601890afd80709", "/commits/:id")]
    [InlineData("/commits/a3f9c2b1d4e5", "/commits/:id")]
    [InlineData("/12345678zz", "/:id")]
    [InlineData("/zz12345678", "/:id")]
    [InlineData("/550e8400-e29b", "/:id")]
    [InlineData("/files/550e8400-e29b-41d4-a716-446655440000.pdf", "/files/:id")]
    [InlineData("/files/my-title-507f1f77bcf86cd799439011", "/files/:id")]
    [InlineData("/reports/2026-03-11", "/reports/:id")]
    [InlineData("/reports/20260311T093000Z", "/reports/:id")]
    [InlineData("/calls/+15551234567", "/calls/:id")]
    [InlineData("/orders/114-3941689-8772232", "/orders/:id")]
    [InlineData("/places/48.8566,2.35222", "/places/:id")]
    public void Other_long_mixed_ids_become_one_endpoint_too(string path, string endpoint) => Assert.Equal($"GET:{endpoint}", Of(path));

    [Theory]
    [InlineData("/2fa/verify"), InlineData("/v1/x"), InlineData("/3d-models"), InlineData("/decade-facade"), InlineData("/v1.0/me"), InlineData("/1.0/me")]
    [InlineData("/deadbeef"), InlineData("/facade"), InlineData("/feed"), InlineData("/cafe-babe"), InlineData("/decadefacade")]
    [InlineData("/oauth2/token"), InlineData("/base64"), InlineData("/sha256"), InlineData("/iso8601"), InlineData("/k8s"), InlineData("/i18n/a11y")]
    [InlineData("/apis/batch/v1beta1"), InlineData("/apis/batch/v2alpha1"), InlineData("/v1p1beta1/images"), InlineData("/b2b2c"), InlineData("/log4j2")]
    [InlineData("/mp3-to-mp4"), InlineData("/top-10-tips-for-2024"), InlineData("/internationalization2024"), InlineData("/fy2024q3"), InlineData("/e2e")]
    [InlineData("/reset-password"), InlineData("/getUserAccountDetailsV2"), InlineData("/robots.txt"), InlineData("/app.3f2a.js"), InlineData("/PROJ-1234")]
    [InlineData("/users/:id"), InlineData("/users/{id}"), InlineData("/users/me"), InlineData("/-"), InlineData("/_"), InlineData("/~ada"), InlineData("/1234567a")]
    [InlineData("/supercalifragilisticexpialidocious"), InlineData("/electroencephalographically"), InlineData("/Users"), InlineData("/a:b"), InlineData("/x=1")]
    [InlineData("/abcdefabXcdefXabcdXefabXcdefabcdefab"), InlineData("/81ARZ-NDEKT-SVARR-FFQ"), InlineData("/1-")]
    public void Words_stay(string path) => Assert.Equal($"GET:{path}", Of(path));

    [Theory]
    [InlineData("/users/ada@example.com", "/users/:id")]
    [InlineData("/users/ada.lovelace+tag@mail.example.co.uk/orders", "/users/:id/orders")]
    [InlineData("/users/ada%40example.com", "/users/:id")]
    [InlineData("/users/jürgen@bücher.example", "/users/:id")]
    [InlineData("/@ada@mastodon.example", "/:id")]
    [InlineData("/@angular/core", "/@angular/core")]
    [InlineData("/users/@me", "/users/@me")]
    [InlineData("/react@18.2.0", "/react@18.2.0")]
    [InlineData("/a@b", "/a@b")]
    [InlineData("/@example.com", "/@example.com")]
    [InlineData("/a@.com", "/a@.com")]
    public void Who_is_named_by_an_e_mail_address_is_not_told(string path, string endpoint) => Assert.Equal($"GET:{endpoint}", Of(path));

    [Theory]
    [InlineData("/users/%34%32", "/users/:id")]
    [InlineData("/users/4%32", "/users/:id")]
    [InlineData("/users/550e8400%2De29b%2d41d4-a716-446655440000", "/users/:id")]
    [InlineData("/caf%C3%A9", "/caf%C3%A9")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/a%2F42", "/a%2F42")]
    [InlineData("/%", "/%")]
    [InlineData("/100%", "/100%")]
    [InlineData("/%4", "/%4")]
    [InlineData("/%zz", "/%zz")]
    [InlineData("/%2534", "/%2534")]
    public void Percent_encoding_counts_as_what_it_stands_for(string path, string endpoint) => Assert.Equal($"GET:{endpoint}", Of(path));

    [Theory]
    [InlineData("/café/über", "/café/über")]
    [InlineData("/日本/42", "/日本/:id")]
    [InlineData("/emoji/😀", "/emoji/😀")]
    [InlineData("/٤٢", "/٤٢")]
    [InlineData("//users//42//", "//users//:id//")]
    [InlineData("/users/42/", "/users/:id/")]
    [InlineData("/users/./../42", "/users/./../:id")]
    [InlineData("/users;id=5/x", "/users/x")]
    [InlineData("/42;v=1/x;y", "/:id/x")]
    [InlineData("/x;jsessionid=1A530637289A03B07199A44E8D531427", "/x")]
    [InlineData("/;a=b", "/")]
    [InlineData("/a%3Bb", "/a%3Bb")]
    [InlineData("/a b/c", "/a b/c")]
    public void Nothing_else_changes_but_that_matrix_parameters_go(string path, string endpoint) => Assert.Equal($"GET:{endpoint}", Of(path));

    [Fact]
    public void No_word_has_more_than_64_characters()
    {
        Assert.Equal($"GET:/{new string('a', 64)}", Of($"/{new string('a', 64)}"));
        Assert.Equal("GET:/:id/x", Of($"/{new string('a', 65)}/x"));
        Assert.Equal($"GET:/{new string('é', 64)}", Of($"/{new string('é', 64)}"));
        Assert.Equal("GET:/:id", Of($"/{new string('é', 65)}"));
        Assert.Equal(64 * 12, Of($"/{string.Concat(Enumerable.Repeat("%F0%9F%98%80", 64))}").Length - "GET:/".Length);
        Assert.Equal("GET:/:id", Of($"/{string.Concat(Enumerable.Repeat("%F0%9F%98%80", 65))}"));
    }

    [Fact]
    public void The_longest_path_of_ids_has_room()
    {
        var ids = string.Concat(Enumerable.Repeat("/5", 1_024));
        Assert.Equal("GET:" + string.Concat(Enumerable.Repeat("/:id", 1_024)), Of(ids));
        Assert.Equal("GET:" + new string('/', 2_048), Of(new string('/', 2_048)));
    }

    [Fact]
    public void A_route_stays_as_it_was_sent()
    {
        Assert.Equal("PATCH:/users/{id}", Encoding.UTF8.GetString(EndpointKey.OfRoute("PATCH"u8, "/users/{id}"u8)));
        Assert.Equal("POST:/users/42;x", Encoding.UTF8.GetString(EndpointKey.OfRoute("POST"u8, "/users/42;x"u8)));
    }

    /// <summary>Whatever ids there are, no two are two endpoints, and what is an endpoint's already stays it.</summary>
    [Fact]
    public void Ids_of_the_usual_makers_are_one_endpoint()
    {
        var random = new Random(12);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            string[] ids =
            [
                new Guid(bytes).ToString(), new Guid(bytes).ToString().ToUpperInvariant(), Convert.ToHexStringLower(bytes[..12]),
                random.NextInt64().ToString(), $"{bytes[0] & 7}{Of(random, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 25)}",
            ];
            Assert.All(ids, id => Assert.Equal("GET:/a/:id/b", Of($"/a/{id}/b")));
        }
    }

    [Fact]
    public void Words_of_letters_alone_are_never_ids()
    {
        var random = new Random(13);
        for (var round = 0; round < 5_000; round++)
        {
            var path = $"/{Of(random, "abcdefghijklmnopqrstuvwxyz-_", random.Next(1, 65))}";
            Assert.Equal($"GET:{path}", Of(path));
        }
    }

    static string Of(Random random, string letters, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));

    static string Of(string path) => Encoding.UTF8.GetString(EndpointKey.OfPath("GET"u8, Encoding.UTF8.GetBytes(path)));
}
