using System.Text;
using Analytics.AppDatabases;

namespace Analytics.Tests.AppDatabases;

public sealed class AppNamesTests
{
    [Fact]
    public void Names_begin_with_the_stores_and_go_on_in_numbers()
    {
        var names = new AppNames("analytics");
        var place = names.Of(12, 3);

        Assert.Equal("analytics_apps", names.Owner);
        Assert.Equal("analytics_apps_12", place.Database);
        Assert.Equal("app_3", place.Schema);
        Assert.Equal("analytics_apps_12_3", place.Login);
        Assert.Equal("analytics_apps_12_3_reader", place.Reader);
    }

    [Theory]
    [InlineData("a_store_whose_name_is_as_long_as_Postgres_lets_it_be_which_is_63")]
    [InlineData("größe_größe_größe_größe_größe_größe_größe")]
    [InlineData("统计统计统计统计统计统计统计统计统计统计")]
    public void No_name_is_cut_by_Postgres(string store)
    {
        var place = new AppNames(store).Of(int.MaxValue, int.MaxValue);

        Assert.All((string[])[place.Reader, place.Login, place.Database], name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 63));
        Assert.NotEqual(place.Reader, new AppNames(store + "s").Of(int.MaxValue, int.MaxValue).Reader);
    }

    [Fact]
    public void A_quoted_name_is_one_name_whatever_is_in_it() =>
        Assert.Equal("\"we\"\"ird\"\"; drop table x; --\"", AppNames.Quoted("we\"ird\"; drop table x; --"));
}
