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

        Assert.EndsWith(thrown.Message, carried.Message, StringComparison.Ordinal);
        Assert.True(CallFailures.IsFailure(carried));
        Assert.Equal("the store did not answer", CallFailures.Describe(carried));
    }

    /// <summary>The text of a call that took too long has the message, and so the key of the grain: a person.</summary>
    [Fact]
    public void Description_of_a_failure_names_nobody()
    {
        Exception[] failures = [new TimeoutException("insuredperson/320500199001011234"), new OrleansException("insuredperson/320500199001011234")];

        Assert.All(failures, failure => Assert.DoesNotContain("3205", CallFailures.Describe(failure), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bug_stays_one() => await Assert.ThrowsAsync<FormatException>(() => CallFailures.CarryAsync<bool>(() => throw new FormatException()));
}
