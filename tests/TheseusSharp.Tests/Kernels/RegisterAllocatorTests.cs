using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Allocated programs do what the code does, with any number of registers and any length of chunks.</summary>
public class RegisterAllocatorTests
{
    public static TheoryData<int, int> Machines
    {
        get
        {
            var machines = new TheoryData<int, int>();
            foreach (int registers in new[] { 4, 6, 13, 26 })
                foreach (int chunkLength in new[] { 1, 7, 50, 500 })
                    machines.Add(registers, chunkLength);
            return machines;
        }
    }

    [Theory, MemberData(nameof(Machines))]
    public void Allocated_program_computes_what_the_code_does(int registers, int chunkLength)
    {
        var run = new AllocatedRun(lanes: 11, new Random(20));
        foreach (StraightLineCode code in RandomCodes())
        {
            AllocatedProgram program = RegisterAllocator.Allocate(code, registers, chunkLength);
            CheckSteps(program, code, chunkLength);
            AssertSame(run.Evaluate(code), run.Interpret(program));
        }
    }

    [Theory, MemberData(nameof(Machines))]
    public void Machine_code_of_random_programs_gives_the_interpreters_bits(int registers, int chunkLength)
    {
        Target target = Target.Resolve(SimdWidth.Automatic) with { Registers = registers };
        var run = new AllocatedRun(target.Bytes / sizeof(double), new Random(21));
        foreach (StraightLineCode code in RandomCodes().Where(code => code.Instructions.Count <= 100 * chunkLength))
        {
            AllocatedProgram program = RegisterAllocator.Allocate(code, registers, chunkLength);
            AssertSame(run.Interpret(program), run.Execute(program, target));
        }
    }

    [Fact]
    public void Nothing_spills_while_registers_last()
    {
        // A running sum and a product: at no time are more than four values alive.
        var instructions = new List<Instruction>();
        Operand sum = new(OperandKind.Gathered, 0);
        for (int k = 0; k < 100; k++)
        {
            instructions.Add(new(Opcode.Multiply, sum, new(OperandKind.Gathered, k % 3), sum));
            instructions.Add(new(Opcode.Add, new(OperandKind.Value, 2 * k), sum, new(OperandKind.Value, 2 * k)));
            sum = new(OperandKind.Value, (2 * k) + 1);
        }

        var code = new StraightLineCode(instructions, [], [sum], HasFlags: false);
        AllocatedProgram program = RegisterAllocator.Allocate(code, registers: 6, chunkLength: 500);
        Assert.Equal(0, program.ScratchColumns);

        // Each input is loaded once, and the result stored.
        Assert.Equal(200 + 3 + 1, program.Steps.Count);
    }

    /// <summary>If most were NaN, the comparisons above would say little.</summary>
    [Fact]
    public void Random_code_gives_numbers()
    {
        var run = new AllocatedRun(lanes: 11, new Random(20));
        double[] results = [.. RandomCodes().SelectMany(run.Evaluate)];
        Assert.InRange(results.Count(double.IsFinite), 0.7 * results.Length, results.Length);
        Assert.InRange(results.Distinct().Count(), 0.3 * results.Length, results.Length);
    }

    /// <summary>Inputs, literals, one value at several columns.</summary>
    [Fact]
    public void Outputs_need_not_be_computed()
    {
        Operand input = new(OperandKind.Gathered, 2), tiled = new(OperandKind.Tiled, 1);
        Operand literal = new(OperandKind.Constant, 0), sum = new(OperandKind.Value, 0);
        Operand[] outputs = [sum, input, literal, sum, tiled, literal, sum];
        var code = new StraightLineCode([new(Opcode.Add, input, tiled, input)], [2.5], outputs, HasFlags: false);
        var run = new AllocatedRun(lanes: 3, new Random(22));
        AssertSame(run.Evaluate(code), run.Interpret(RegisterAllocator.Allocate(code, registers: 4, chunkLength: 7)));
        StraightLineCode none = code with { Instructions = [], Outputs = [input, literal, input] };
        AssertSame(run.Evaluate(none), run.Interpret(RegisterAllocator.Allocate(none, registers: 4, chunkLength: 7)));
    }

    private static IEnumerable<StraightLineCode> RandomCodes()
    {
        for (int seed = 0; seed < 4; seed++)
            foreach (int length in new[] { 1, 5, 30, 150, 700 })
                yield return new RandomCode(new Random(seed)).Make(length, outputs: 2 + (length / 10));
    }

    /// <summary>
    /// The program's form: instructions in the order of the code; nothing read before it is written, a register in the
    /// same chunk; places within what the program says it uses.
    /// </summary>
    private static void CheckSteps(AllocatedProgram program, StraightLineCode code, int chunkLength)
    {
        Assert.Equal(
            code.Instructions.Select(instruction => instruction.Opcode),
            program.Steps.Where(step => !step.IsMove).Select(step => step.Opcode));
        Assert.Equal(code.Instructions.Count, program.InstructionCount);
        Assert.Equal(program.Steps.Count, program.Chunks[^1]);
        var written = new HashSet<Operand>();
        int start = 0;
        foreach (int end in program.Chunks)
        {
            written.RemoveWhere(place => place.Kind == OperandKind.Register);
            Assert.InRange(program.Steps.Take(start..end).Count(step => !step.IsMove), 0, chunkLength);
            for (; start < end; start++)
                CheckStep(program, program.Steps[start], written);
        }

        for (int k = 0; k < program.OutputColumns; k++)
            Assert.Contains(new Operand(OperandKind.Output, k), written);
    }

    private static void CheckStep(AllocatedProgram program, Step step, HashSet<Operand> written)
    {
        foreach (Operand place in new[] { step.A, step.B, step.C })
            if (place.Kind is OperandKind.Register or OperandKind.Scratch or OperandKind.Output)
                Assert.Contains(place, written);
        Assert.True(step.IsMove || step.Target.Kind == OperandKind.Register, $"{step} computes into memory.");
        int places = step.Target.Kind switch
        {
            OperandKind.Register => program.Registers,
            OperandKind.Scratch => program.ScratchColumns,
            _ => program.OutputColumns,
        };
        Assert.InRange(step.Target.Index, 0, places - 1);
        written.Add(step.Target);
    }

    private static void AssertSame(double[] expected, double[] found) =>
        Assert.Equal(expected.Select(Bits.Of), found.Select(Bits.Of));
}
