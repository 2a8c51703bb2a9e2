using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>What can go wrong with a call to a grain or a store without anybody being at fault.</summary>
public static class CallFailures
{
    /// <summary>Whether an exception means that something could not be reached or did not answer; anything else is a bug.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is TimeoutException or OrleansException or StoreUnavailableException;

    /// <summary>
    /// Whether a call was turned away before it ran. That happens to calls that wait for a grain which leaves memory: a runtime sends them on to the next
    /// activation, but not for ever (Orleans: twice). A silo that has gone is another matter, since the call may have run there.
    /// </summary>
    public static bool IsTurnedAway(Exception exception) => exception is OrleansMessageRejectionException and not SiloUnavailableException;

    /// <summary>Makes a call, and again when it was turned away.</summary>
    /// <param name="call">Sends the message. It may run more than once.</param>
    public static async Task<T> DeliverAsync<T>(Func<Task<T>> call)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception failure) when (IsTurnedAway(failure) && attempt < GrainLimits.Attempts)
            {
                // Each time finds an activation that is newer.
            }
        }
    }

    /// <summary>Why there was no answer, in a few words for whoever asked, and for the log: the text of the failure itself may name a person.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        TimeoutException => "the time for it ran out",
        SiloUnavailableException => "the silo that was asked has gone",
        OrleansMessageRejectionException => "it was turned away, each time by a grain that was leaving memory",
        StoreUnavailableException or StoreOutcomeUnknownException => "the store did not answer",

        // Itself and not one of its kinds: how a grain carries what the store said, and a runtime what kept it from reading a grain's state.
        _ when failure.GetType() == typeof(OrleansException) => "the store did not answer",
        _ => "the cluster could not deliver it",
    };

    /// <summary>Does something for a caller who may be on another silo, where an exception of the store's is not known and would be taken for a bug.</summary>
    /// <exception cref="OrleansException">The store is not to be reached at present.</exception>
    internal static async Task<T> CarryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (failure is StoreUnavailableException or StoreOutcomeUnknownException)
        {
            throw new OrleansException("The store: " + failure.Message);
        }
    }

    /// <summary>Turns a call that did not come through into an answer that is true whatever became of it.</summary>
    /// <param name="work">Makes the calls.</param>
    /// <param name="otherwise">What is true when one of them failed.</param>
    internal static async Task<Reply<T>> AnswerAsync<T>(Func<Task<Reply<T>>> work, Refusal otherwise)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            return Reply.Refused<T>(otherwise);
        }
    }
}
