def load_dotenv():
    return False
