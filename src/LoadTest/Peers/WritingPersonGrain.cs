using System.Text.Json;
using Npgsql;

namespace Gongji.LoadTest;

/// <inheritdoc cref="IWritingPersonGrain"/>
internal sealed class WritingPersonGrain(GrainPeerDatabase database) : Grain, IWritingPersonGrain
{
    private WritingPersonState _state = new();
    private long _version;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.Source.CreateCommand("SELECT version, state FROM person_state WHERE person = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = this.GetPrimaryKeyString() });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("There is no such person.");
        }

        _version = reader.GetInt64(0);
        _state = JsonSerializer.Deserialize<WritingPersonState>(reader.GetFieldValue<byte[]>(1)) ?? new WritingPersonState();
    }

    public async Task<bool> HoldAsync(Guid transfer, long amountFen)
    {
        if (_state.BalanceFen < amountFen)
        {
            return false;
        }

        _state.BalanceFen -= amountFen;
        _state.Held[transfer] = amountFen;
        await WriteAsync();
        return true;
    }

    public async Task ReceiveAsync(Guid transfer, long amountFen)
    {
        _state.BalanceFen += amountFen;
        await WriteAsync();
    }

    public async Task PostAsync(Guid transfer)
    {
        _state.Held.Remove(transfer);
        await WriteAsync();
    }

    /// <summary>Writes the row in one statement and one commit; the version serves as ETag.</summary>
    private async Task WriteAsync()
    {
        await using NpgsqlCommand command = database.Source.CreateCommand(
            "UPDATE person_state SET version = version + 1, state = $3 WHERE person = $1 AND version = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = this.GetPrimaryKeyString() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _version });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = JsonSerializer.SerializeToUtf8Bytes(_state) });
        if (await command.ExecuteNonQueryAsync() != 1)
        {
            throw new InvalidOperationException("Another activation wrote the state.");
        }

        _version++;
    }
}

/// <summary>The state of a <see cref="WritingPersonGrain"/>.</summary>
internal sealed class WritingPersonState
{
    public long BalanceFen { get; set; }

    public Dictionary<Guid, long> Held { get; set; } = [];
}
