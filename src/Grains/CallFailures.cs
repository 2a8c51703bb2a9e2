using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>What can go wrong with a call to a grain or a store without anybody being at fault.</summary>
public static class CallFailures
{
    /// <summary>Whether an exception means that something could not be reached or did not answer; anything else is a bug.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is TimeoutException or OrleansException or StoreUnavailableException;
}
