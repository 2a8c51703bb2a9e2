namespace Gongji.LocalRuntime.Engine;

/// <summary>Connects a grain to its stored state.</summary>
internal sealed class StoredState<TState> : IPersistentState<TState>
{
    private readonly string _name;
    private readonly GrainId _grainId;
    private readonly IGrainStorage _storage;
    private readonly GrainState<TState> _state = new();

    internal StoredState(Activation activation, PersistentStateAttribute attribute)
    {
        (_name, _grainId) = (attribute.StateName, activation.GrainId);
        var storage = attribute.StorageName ?? MemoryStore.DefaultName;
        _storage = activation.Silo.Services.GetKeyedService<IGrainStorage>(storage)
            ?? throw new InvalidOperationException($"Grain class {activation.Class.Type} asks for grain storage \"{storage}\", which is not configured.");
        (activation.Extras.States ??= []).Add(this);
    }

    public TState State
    {
        get => _state.State ??= Activator.CreateInstance<TState>();
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) =>
        GuardAsync("reading", () => _storage.ReadStateAsync(_name, _grainId, _state, cancellationToken));

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        GuardAsync("writing", () => _storage.WriteStateAsync(_name, _grainId, _state, cancellationToken));

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        GuardAsync("clearing", () => _storage.ClearStateAsync(_name, _grainId, _state, cancellationToken));

    private async Task GuardAsync(string operation, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception error) when (error is not OrleansException)
        {
            throw new OrleansException($"Grain storage failed {operation} state \"{_name}\" of a {_grainId.Type}.", error);
        }
    }
}
