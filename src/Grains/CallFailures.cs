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
