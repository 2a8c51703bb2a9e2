using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>Failures of calls to a grain or a store that are nobody's fault.</summary>
public static class CallFailures
{
    /// <summary>Whether an exception means that something could not be reached or did not answer. Any other exception is a bug.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is TimeoutException or OrleansException or StoreUnavailableException;

    /// <summary>Whether it was the store that did not answer.</summary>
    public static bool IsOfStore(Exception failure) =>
        failure is StoreUnavailableException or StoreOutcomeUnknownException

        // The type itself, not a subtype: a grain uses it to carry the store's failure, and a runtime to say why it could not read a grain's state.
        || failure.GetType() == typeof(OrleansException);

    /// <summary>
    /// Whether a call was turned away before it ran. This happens to calls that wait for a grain which is leaving memory: a runtime forwards them to the next
    /// activation, but only a limited number of times (Orleans: twice). A silo that has gone is different, since the call may have run there.
    /// </summary>
    public static bool IsTurnedAway(Exception exception) => exception is OrleansMessageRejectionException and not SiloUnavailableException && !IsUnreachable(exception);

    /// <summary>
    /// Whether no connection could be had to a silo that has gone, and that the others do not know to be dead yet. Asked again at once it is the same: Orleans tries to
    /// connect once a second, and fails meanwhile. It says so in words alone, in an exception of the same type.
    /// </summary>
    private static bool IsUnreachable(Exception exception) =>
        exception is OrleansMessageRejectionException && exception.Message.StartsWith("Exception while sending message", StringComparison.Ordinal);

    /// <summary>Makes a call, and repeats it when it was turned away.</summary>
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
                // Each attempt reaches a newer activation.
            }
        }
    }

    /// <summary>Why there was no answer, in a few words for the caller and the log. The failure's own text is not used, since it may name a person.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        TimeoutException => "the time for it ran out",
        SiloUnavailableException => "the silo that was asked has gone",
        _ when IsUnreachable(failure) => "the silo that was asked cannot be reached",
        OrleansMessageRejectionException => "it was turned away, each time by a grain that was leaving memory",
        _ when IsOfStore(failure) => "the store did not answer",
        _ => "the cluster could not deliver it",
    };

    /// <summary>Does work for a caller who may be on another silo, where an exception of the store would not be known and would be taken for a bug.</summary>
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

    /// <summary>Turns a call that did not come through into an answer that is true whatever its outcome was.</summary>
    /// <param name="work">Makes the calls.</param>
    /// <param name="otherwise">The answer that is true when one of them failed.</param>
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
