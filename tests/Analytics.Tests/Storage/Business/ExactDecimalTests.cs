using System.Text;
using Analytics.Storage.Business;

namespace Analytics.Tests.Storage.Business;

public sealed class ExactDecimalTests
{
    // From the least to the largest; those of a line are equal.
    static readonly string[][] Ascending =
    [
        ["-1e130000"], ["-12e20", "-1200000000000000000000"], ["-1e15"], ["-1.5", "-15e-1"], ["-1e-13"], ["-1e-130000"],
        ["0", "-0", "0.0", "0e130000", "0e-130000"], ["1e-130000"], ["1e-13"], ["1.0000000000001e-12"], ["1", "1.0", "10e-1"], ["1.0000000000001"],
        ["999999999999999"], ["1e15", "1000000000000000"], ["1e16", "10e15"], ["99999999999999999999"], ["1e20"], ["1e129999"], ["1e130000", "10e129999"],
    ];

    [Fact]
    public void Numbers_of_any_size_are_compared_by_value()
    {
        foreach (var (at, one) in Ascending.Index())
            foreach (var (place, other) in Ascending.Index())
                foreach (var (first, second) in from text in one from against in other select (text, against))
                    Assert.True(
                        Math.Sign(Of(first).ComparedWith(Of(second))) == Math.Sign(at.CompareTo(place)), $"{first} beside {second}");
    }

    static ExactDecimal Of(string json) => ExactDecimal.Of(Encoding.ASCII.GetBytes(json));
}
