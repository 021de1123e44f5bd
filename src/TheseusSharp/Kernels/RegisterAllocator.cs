namespace TheseusSharp.Kernels;

/// <summary>
/// Assigns values to a fixed number of vector registers; evicts the one used furthest in the future (Belady 1966).
/// Inputs and literals stay in memory as operands, but are kept in a register while one is free.
/// </summary>
/// <remarks>
/// The runtime's own allocator could do this, but with hundreds of live values it spills two to four times as much: own
/// allocation halved the measured time of large kernels.
/// </remarks>
internal sealed class RegisterAllocator
{
    private readonly StraightLineCode _code;
    private readonly int _chunkLength;
    private readonly List<Step> _steps = [];
    private readonly List<int> _chunks = [];
    private readonly Dictionary<Operand, Place> _places = [];
    private readonly Operand?[] _registers;
    private readonly Stack<int> _freeScratch = new();
    private int _scratchCount;

    private RegisterAllocator(StraightLineCode code, int registers, int chunkLength)
    {
        _code = code;
        _chunkLength = chunkLength;
        _registers = new Operand?[registers];
    }

    /// <summary>Allocates.</summary>
    /// <param name="code">The code, in its final order.</param>
    /// <param name="registers">How many vector registers to use, at least 4.</param>
    /// <param name="chunkLength">How many instructions a chunk may have.</param>
    public static AllocatedProgram Allocate(StraightLineCode code, int registers, int chunkLength)
    {
        var allocator = new RegisterAllocator(code, registers, chunkLength);
        allocator.FindUses();
        allocator.Run();
        return new(
            allocator._steps, allocator._chunks, code.Constants, registers, allocator._scratchCount, code.Outputs.Count,
            code.HasFlags, code.Instructions.Count);
    }

    private static ReadOnlySpan<Operand> OperandsOf(in Instruction instruction) =>
        new[] { instruction.A, instruction.B, instruction.C }.AsSpan(0, instruction.Opcode.Arity());

    private void FindUses()
    {
        for (int i = 0; i < _code.Instructions.Count; i++)
            foreach (Operand operand in OperandsOf(_code.Instructions[i]))
                PlaceOf(operand).Uses.Enqueue(i);
        for (int k = 0; k < _code.Outputs.Count; k++)
            PlaceOf(_code.Outputs[k]).Outputs.Add(k);
    }

    private Place PlaceOf(Operand value)
    {
        if (!_places.TryGetValue(value, out Place? place))
        {
            place = new Place { Home = value.Kind == OperandKind.Value ? null : value };
            _places.Add(value, place);
        }

        return place;
    }

    private void Run()
    {
        CopyInputsToOutputs();
        for (int i = 0; i < _code.Instructions.Count; i++)
        {
            Compute(i);
            if ((i + 1) % _chunkLength == 0 && i + 1 < _code.Instructions.Count)
                EndChunk();
        }

        _chunks.Add(_steps.Count);
    }

    /// <summary>Outputs that are inputs or literals themselves.</summary>
    private void CopyInputsToOutputs()
    {
        foreach ((Operand value, Place place) in _places)
            if (value.Kind != OperandKind.Value)
                foreach (int output in place.Outputs)
                    _steps.Add(Step.Move(new(OperandKind.Output, output), value));
    }

    private void Compute(int index)
    {
        Instruction instruction = _code.Instructions[index];
        ReadOnlySpan<Operand> values = OperandsOf(instruction);
        foreach (Operand value in values)
            Consume(PlaceOf(value), index);
        Span<Operand> operands = stackalloc Operand[3];
        for (int k = 0; k < values.Length; k++)
            operands[k] = Fetch(values[k], index, values);
        operands[values.Length..].Fill(operands[0]);
        foreach (Operand value in values)
            ReleaseRegisterIfDead(value);

        var result = new Operand(OperandKind.Value, index);
        int register = TakeRegister(result, []);
        _steps.Add(new(
            instruction.Opcode, false, new(OperandKind.Register, register), operands[0], operands[1], operands[2]));
        foreach (Operand value in values)
            ReleaseScratchIfDead(value);
        StoreOutputs(result, register);
        ReleaseRegisterIfDead(result);
    }

    private static void Consume(Place place, int index)
    {
        while (place.Uses.TryPeek(out int use) && use <= index)
            place.Uses.Dequeue();
    }

    /// <summary>
    /// The operand to read: a register if the value is in one or is worth one, else its home in memory.
    /// </summary>
    private Operand Fetch(Operand value, int index, ReadOnlySpan<Operand> inUse)
    {
        Place place = PlaceOf(value);
        if (place.Register < 0 && place.Uses.Count > 0 && WorthRegister(place, inUse))
        {
            Operand home = place.Home!.Value;
            _steps.Add(Step.Move(new(OperandKind.Register, TakeRegister(value, inUse)), home));
        }

        return place.Register >= 0 ? new(OperandKind.Register, place.Register) : place.Home!.Value;
    }

    private bool WorthRegister(Place place, ReadOnlySpan<Operand> inUse)
    {
        if (Array.IndexOf(_registers, null) >= 0)
            return true;
        int victim = FindVictim(inUse);
        Place victimPlace = PlaceOf(_registers[victim]!.Value);
        return victimPlace.Home is not null && victimPlace.NextUse > place.NextUse;
    }

    private void StoreOutputs(Operand result, int register)
    {
        Place place = PlaceOf(result);
        foreach (int output in place.Outputs)
        {
            var column = new Operand(OperandKind.Output, output);
            _steps.Add(Step.Move(column, new(OperandKind.Register, register)));
            place.Home ??= column;
        }
    }

    private int TakeRegister(Operand value, ReadOnlySpan<Operand> inUse)
    {
        int register = Array.IndexOf(_registers, null);
        if (register < 0)
        {
            register = FindVictim(inUse);
            Evict(register);
        }

        _registers[register] = value;
        PlaceOf(value).Register = register;
        return register;
    }

    /// <summary>The register whose value is used last; values with a home in memory go first among equals.</summary>
    private int FindVictim(ReadOnlySpan<Operand> inUse)
    {
        int victim = -1, furthest = -1;
        for (int r = 0; r < _registers.Length; r++)
        {
            Operand value = _registers[r]!.Value;
            if (inUse.Contains(value))
                continue;
            Place place = PlaceOf(value);
            int distance = place.NextUse + (place.Home is null ? 0 : 1);
            if (distance <= furthest)
                continue;
            furthest = distance;
            victim = r;
        }

        return victim;
    }

    private void Evict(int register)
    {
        Place place = PlaceOf(_registers[register]!.Value);
        if (place.Home is null && place.Uses.Count > 0)
        {
            int column = _freeScratch.TryPop(out int free) ? free : _scratchCount++;
            place.Home = new(OperandKind.Scratch, column);
            _steps.Add(Step.Move(place.Home.Value, new(OperandKind.Register, register)));
        }

        place.Register = -1;
        _registers[register] = null;
    }

    private void ReleaseRegisterIfDead(Operand value)
    {
        Place place = PlaceOf(value);
        if (place.Uses.Count > 0 || place.Register < 0)
            return;
        _registers[place.Register] = null;
        place.Register = -1;
    }

    /// <summary>
    /// Only once the instruction that reads it is in place: making room for its result may spill another value, and
    /// that store comes before the read.
    /// </summary>
    private void ReleaseScratchIfDead(Operand value)
    {
        Place place = PlaceOf(value);
        if (place.Uses.Count > 0 || place.Home is not { Kind: OperandKind.Scratch } scratch)
            return;
        _freeScratch.Push(scratch.Index);
        place.Home = null;
    }

    private void EndChunk()
    {
        for (int r = 0; r < _registers.Length; r++)
            if (_registers[r] is not null)
                Evict(r);
        _chunks.Add(_steps.Count);
    }

    /// <summary>Where a value is and when it is wanted.</summary>
    private sealed class Place
    {
        public Operand? Home { get; set; }

        public int Register { get; set; } = -1;

        public Queue<int> Uses { get; } = new();

        public List<int> Outputs { get; } = [];

        public int NextUse => Uses.TryPeek(out int use) ? use : int.MaxValue - 1;
    }
}
