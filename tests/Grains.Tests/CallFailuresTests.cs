using Gongji.Storage;
using Orleans.Runtime;

namespace Gongji.Grains.Tests;

public sealed class CallFailuresTests
{
    public static TheoryData<Exception> OfTheStore => [new StoreUnavailableException("away"), new StoreOutcomeUnknownException("in doubt")];

    [Theory]
    [MemberData(nameof(OfTheStore))]
    public async Task What_a_store_throws_is_known_as_a_failure_on_every_silo(Exception thrown)
    {
        OrleansException carried = await Assert.ThrowsAsync<OrleansException>(() => CallFailures.CarryAsync<bool>(() => throw thrown));

        Assert.Equal(thrown.Message, carried.Message);
        Assert.True(CallFailures.IsFailure(carried));
    }

    [Fact]
    public async Task Bug_stays_one() => await Assert.ThrowsAsync<FormatException>(() => CallFailures.CarryAsync<bool>(() => throw new FormatException()));
}
