from torch.distributed import run

if __name__ == "__main__":
    run.main()
