using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.Http;

/// <summary>Turns a lost call into the refusal that the caller gets for it.</summary>
internal static class GrainCalls
{
    /// <summary>A call that may change something: when it is lost, nobody can say whether the change happened.</summary>
    public static async Task<Reply<T>> CommandAsync<T>(Func<Task<Reply<T>>> call)
        where T : class
    {
        try
        {
            return await CallFailures.DeliverAsync(call);
        }
        catch (Exception exception) when (IsLost(exception))
        {
            return Reply.Refused<T>(RefusalCode.OutcomeUnknown, $"No answer came: {CallFailures.Describe(exception)}. It may have happened: ask again with the same content and id.");
        }
    }

    /// <summary>A call that changes nothing.</summary>
    public static async Task<Reply<T>> QueryAsync<T>(Func<Task<Reply<T>>> call)
        where T : class
    {
        try
        {
            Reply<T> reply = await CallFailures.DeliverAsync(call);

            // A grain's refusal says that nothing was decided, but a reader asked for no decision.
            return reply.Code == RefusalCode.LedgerUnavailable
                ? Reply.Refused<T>(RefusalCode.LedgerUnavailable, "The ledger cannot be read at present. Ask again.")
                : reply;
        }
        catch (Exception exception) when (IsLost(exception))
        {
            return Reply.Refused<T>(RefusalCode.LedgerUnavailable, $"No answer came: {CallFailures.Describe(exception)}. Ask again.");
        }
    }

    /// <summary>Whether an exception means that a call or the store did not answer, as opposed to a bug.</summary>
    public static bool IsLost(Exception exception) =>
        CallFailures.IsFailure(exception) || exception is StoreOutcomeUnknownException;
}
