using System.Reflection;
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

    /// <summary>The text of a call that timed out contains the message, and so the key of the grain, which names a person.</summary>
    [Fact]
    public void Description_of_a_failure_names_nobody()
    {
        Exception[] failures = [new TimeoutException("insuredperson/320500199001011234"), new OrleansException("insuredperson/320500199001011234")];

        Assert.All(failures, failure => Assert.DoesNotContain("3205", CallFailures.Describe(failure), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("The grain is leaving", GrainLimits.Attempts)]
    [InlineData("Exception while sending message: Orleans.Runtime.Messaging.ConnectionFailedException: Unable to connect to S127.0.0.1:18080:1", 1)]
    public async Task Message_that_was_turned_away_is_sent_again_but_not_to_a_silo_that_nobody_reaches(string text, int attempts)
    {
        int sent = 0;

        await Assert.ThrowsAnyAsync<OrleansMessageRejectionException>(() => CallFailures.DeliverAsync<bool>(() =>
        {
            sent++;
            throw Rejection(text);
        }));

        Assert.Equal(attempts, sent);
    }

    [Fact]
    public void Silo_that_nobody_reaches_is_not_taken_for_a_grain_that_leaves() =>
        Assert.Equal("the silo that was asked cannot be reached", CallFailures.Describe(Rejection("Exception while sending message: refused")));

    [Fact]
    public async Task Bug_stays_one() => await Assert.ThrowsAsync<FormatException>(() => CallFailures.CarryAsync<bool>(() => throw new FormatException()));

    /// <summary>What only a runtime makes.</summary>
    private static OrleansMessageRejectionException Rejection(string text) => (OrleansMessageRejectionException)Activator.CreateInstance(
        typeof(OrleansMessageRejectionException), BindingFlags.Instance | BindingFlags.NonPublic, null, [text], null)!;
}
