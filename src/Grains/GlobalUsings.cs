global using Orleans.CodeGeneration;
global using Orleans.Concurrency;
global using Orleans.Runtime;
