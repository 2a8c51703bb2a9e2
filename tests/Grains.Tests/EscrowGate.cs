using System.Reflection;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store that can hold back the next call about a region's headroom until the test lets it proceed or fail. It passes on all other calls.</summary>
public class EscrowGate : DispatchProxy
{
    private object? _behind;
    private EscrowGate? _escrow;
    private string _method = string.Empty;
    private TaskCompletionSource? _come;
    private TaskCompletionSource? _waiting;
    private int _leases;

    public ILedgerStore Store => (ILedgerStore)(object)this;

    /// <summary>The number of leases requested.</summary>
    public int Leases => _escrow!._leases;

    public static EscrowGate Around(ILedgerStore store)
    {
        EscrowGate self = (EscrowGate)(object)Create<ILedgerStore, EscrowGate>();
        EscrowGate escrow = (EscrowGate)(object)Create<IEscrowStore, EscrowGate>();
        (self._behind, self._escrow, escrow._behind) = (store, escrow, store.Escrow);
        return self;
    }

    /// <summary>Holds back the next call of a method of <see cref="IEscrowStore"/>; completes when that call has come.</summary>
    public Task HoldNextAsync(string method)
    {
        _escrow!._method = method;
        _escrow._waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _escrow._come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _escrow._come.Task;
    }

    public void GoOn() => _escrow!._waiting!.SetResult();

    public void Fail() => _escrow!._waiting!.SetException(new StoreUnavailableException("Refused by a test."));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_escrow is not null && targetMethod!.Name == "get_" + nameof(ILedgerStore.Escrow))
        {
            return _escrow;
        }

        if (targetMethod!.Name == nameof(IEscrowStore.LeaseAsync))
        {
            Interlocked.Increment(ref _leases);
        }

        if (targetMethod.Name != _method || Interlocked.Exchange(ref _come, null) is not { } come)
        {
            return targetMethod.Invoke(_behind, args);
        }

        come.SetResult();
        return targetMethod.Name == nameof(IEscrowStore.LeaseAsync) ? LeaseAsync((SliceRequest)args![0]!) : SetCapAsync(targetMethod, args);
    }

    private async Task<EscrowSlice?> LeaseAsync(SliceRequest request)
    {
        await _waiting!.Task;
        return await ((IEscrowStore)_behind!).LeaseAsync(request, CancellationToken.None);
    }

    private async Task SetCapAsync(MethodInfo method, object?[]? args)
    {
        await _waiting!.Task;
        await (Task)method.Invoke(_behind, args)!;
    }
}
