using Analytics.Http.OpenApi;

namespace Analytics.Tests.Http.OpenApi;

public sealed class OperationNamesTests
{
    [Theory]
    [InlineData("Customers", "List", "listCustomers")]
    [InlineData("Customers", "Get", "getCustomer")]
    [InlineData("EventTypes", "Update", "updateEventType")]
    [InlineData("Deliveries", "Retry", "retryDelivery")]
    [InlineData("Ingestion", "Begin", "beginIngestion")]
    [InlineData("Statistics", "QueryTimeseries", "queryTimeseries")]
    public void An_action_of_one_word_is_about_what_its_controller_is_called_after(string controller, string action, string name) =>
        Assert.Equal(name, OperationNames.Of(controller, action));
}
