namespace Analytics.Tests.Oracle.Requests;

public sealed class EndpointKeyTests
{
    [Theory]
    [InlineData("/users/42/orders/9", "GET:/users/:id/orders/:id")]
    [InlineData("/a/018F3C2E-7B1A-7C3D-9E4F-0123456789AB/b", "GET:/a/:id/b")]
    [InlineData("/a/018f3c2e-7b1a-7c3d-9e4f-0123456789ab", "GET:/a/:id")]
    [InlineData("/a/01ARZ3NDEKTSV4RRFFQ69G5FAV", "GET:/a/:id")]
    [InlineData("/a/507f1f77bcf86cd799439011/", "GET:/a/:id/")]
    [InlineData("/2fa/verify", "GET:/2fa/verify")]
    [InlineData("/v1/3d-models/decade-facade", "GET:/v1/3d-models/decade-facade")]
    [InlineData("*", "GET:*")]
    public void Whole_segments_that_are_ids_are_replaced(string path, string endpoint) =>
        Assert.Equal(endpoint, EndpointKey.Of("get", null, path));

    [Fact]
    public void A_route_is_taken_as_it_stands() =>
        Assert.Equal("POST:/users/{id}/7", EndpointKey.Of("POST", "/users/{id}/7", "/users/1/7"));
}
